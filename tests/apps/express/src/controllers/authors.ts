import type { Request, Response } from 'express';
import { Author } from '../models';

export class AuthorController {
  list = async (req: Request, res: Response) => {
    const authors = await Author.findAll({ order: [['name', 'ASC']], limit: 50 });
    res.json({ data: authors });
  };

  show = async (req: Request, res: Response) => {
    res.json({ data: await Author.findByPk(req.params.authorId) });
  };

  async replace(req: Request, res: Response) {
    const [author] = await Author.upsert({ id: req.params.authorId, name: req.body.name });
    res.json({ data: author });
  }
}
