export { type Journal, type JournalOptions, openJournal } from './journal';
