-- CreateTable
CREATE TABLE "users" ("id" INTEGER NOT NULL, CONSTRAINT "users_pkey" PRIMARY KEY ("id"));

-- CreateTable
CREATE TABLE "posts" ("id" INTEGER NOT NULL, "authorId" INTEGER NOT NULL, "editor_id" INTEGER NOT NULL, CONSTRAINT "posts_pkey" PRIMARY KEY ("id"));

-- AddForeignKey
ALTER TABLE "posts" ADD CONSTRAINT "posts_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "posts" ADD CONSTRAINT "posts_editor_id_fkey" FOREIGN KEY ("editor_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
