export { type Journal, type JournalOptions, openJournal } from './journal';
export { openRollingJournal, type RollingJournalOptions } from './rolling-journal';
