import { Router } from 'express';
import { AuthorController } from '../controllers/authors';

const router: Router = Router();
const authors = new AuthorController();

router.get('/', authors.list);
router.get('/:authorId', authors.show);
router.put('/:authorId', authors.replace);

export default router;
