import mongoose from "mongoose";

const { Post, User } = await import(`./${process.argv[2]}/models.js`);
const { authors } = await import(`./${process.argv[2]}/posts.js`);
const sent = [];
const users = [1, 2, 3].map((n) => ({ _id: new mongoose.Types.ObjectId(), name: `a${n}` }));
const posts = users.map(({ _id }) => ({ _id: new mongoose.Types.ObjectId(), author: _id }));
const stand = (model, rows) => {
  const wanted = ({ _id } = {}) => rows.filter((row) => _id === undefined || [_id.$in ?? _id].flat().some((id) => row._id.equals(id)));
  model.collection.find = (filter) => {
    sent.push(`${model.collection.name}.find`);
    return { toArray: async () => wanted(filter) };
  };
  model.collection.findOne = async (filter) => {
    sent.push(`${model.collection.name}.findOne`);
    return wanted(filter)[0] ?? null;
  };
};
stand(User, users);
stand(Post, posts);
const names = await authors();
console.log(JSON.stringify({ sent, authors: names }));
process.exit(0);
