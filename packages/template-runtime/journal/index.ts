export { inGroups } from './groups';
export { type Journal, type JournalOptions, openJournal } from './journal';
export { type JournaledState, startRewriting, type StateModule } from './rewrite';
export { openRollingJournal, type RollingJournal, type RollingJournalOptions } from './rolling-journal';
