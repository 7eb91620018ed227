"""The connection of the service, for SQLAlchemy."""

import os

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import sessionmaker


def settings() -> dict:
    """The settings of Npgsql's connection string, with names in lower case."""
    pairs = (part.split("=", 1) for part in os.environ["ConnectionStrings__Blog"].split(";") if part.strip())
    return {name.strip().lower(): value.strip() for name, value in pairs}


def make_engine():
    given = settings()
    url = URL.create(
        "postgresql+asyncpg",
        username=given.get("username"),
        password=given.get("password"),
        database=given.get("database"),
    )
    # The host may be the folder of a socket, which has no place in a URL.
    return create_async_engine(
        url, connect_args={"host": given.get("host", "localhost"), "port": int(given.get("port", 5432))}
    )


open_session = sessionmaker(make_engine(), class_=AsyncSession, expire_on_commit=False)


async def request_session():
    """One session a request."""
    async with open_session() as session:
        yield session
