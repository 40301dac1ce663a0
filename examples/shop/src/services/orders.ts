import { prisma } from "../db";

export async function ordersWithUsers() {
  const orders = await prisma.order.findMany({ take: 50 });
  for (const order of orders) {
    order.user = await prisma.user.findUnique({ where: { id: order.userId } });
  }
  return orders;
}

export async function placeOrder(userId: number, lines: { productId: number }[]) {
  return prisma.$transaction(async (tx) => {
    const order = await tx.order.create({ data: { userId } });
    await prisma.orderLine.createMany({ data: lines.map((line) => ({ ...line, orderId: order.id })) });
    return order;
  });
}

export async function renameProduct(id: number, name: string) {
  prisma.product.update({ where: { id }, data: { name } });
}
