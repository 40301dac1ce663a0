from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    API_PREFIX: str = "/api/v1"
    SECRET_KEY: str
    DATABASE_URL: str
    origins: list[str] = ["https://tickets.example"]


settings = Settings()
