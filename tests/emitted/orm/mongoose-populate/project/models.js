import mongoose from "mongoose";

const postSchema = new mongoose.Schema({
  title: String,
  author: { type: mongoose.Schema.Types.ObjectId, ref: "User" },
});

export const User = mongoose.model("User", new mongoose.Schema({ name: String }));
export const Post = mongoose.model("Post", postSchema);
