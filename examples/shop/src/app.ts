import express from "express";
import cors from "cors";
import { errorHandler } from "./errors";
import { orders } from "./routes/orders";
import { users } from "./routes/users";

export const app = express();

app.use(express.json());
app.use(cors({ origin: true, credentials: true }));
app.use(errorHandler);
app.use("/users", users);
app.use("/orders", orders);
