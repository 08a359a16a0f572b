import { describeFaultMatrix } from './fault-matrix.contract';
import { STORES, SUBJECTS } from './stores-under-fault';

for (const [name, subject] of Object.entries(SUBJECTS)) if (name in STORES) describeFaultMatrix(name, subject);
