import express from 'express';
import { requireUser, requireRole } from '../middleware/auth';
import { reindex, stats } from './tasks';

// An application of its own: other error pages, other limits.
export const admin = express();

admin.use(requireUser, requireRole('admin'));
admin.get('/stats', stats);
admin.post('/tasks/reindex', reindex);
