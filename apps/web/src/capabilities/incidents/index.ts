export { GiveIncidentDialog } from "./give-dialog.tsx";
export { Footage } from "./footage.tsx";
export { caseQuery, refreshMatters } from "./incident-queries.ts";
export { IncidentPage } from "./incident-page.tsx";
export { IncidentsPage } from "./incidents-page.tsx";
export { ItemIncidents } from "./item-incidents.tsx";
export { type ListSearch, MatterList, MatterTable } from "./matter-list.tsx";
export { Notes, Tasks, TimelineList } from "./papers.tsx";
export { PeopleField, peopleOf } from "./row-fields.tsx";
