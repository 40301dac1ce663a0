import { Router } from "express";
import { ordersWithUsers, placeOrder } from "../services/orders";

export const orders = Router();

orders.get("/", async (req, res) => {
  res.json({ data: await ordersWithUsers() });
});

orders.post("/", async (req, res) => {
  const order = await placeOrder(Number(req.body.userId), req.body.lines);
  res.status(201).json({ data: order });
});
