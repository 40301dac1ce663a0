import { Router } from 'express';
import { AuthorController } from '../controllers/authors';
import { validate } from '../middleware/validate';
import { authorSchema } from '../schemas';

const router: Router = Router();
const authors = new AuthorController();

router.get('/', authors.list);
router.get('/:authorId', authors.show);
router.put('/:authorId', validate(authorSchema), authors.replace);

export default router;
