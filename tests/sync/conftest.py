from tests.server_fixtures import database, module_database, postgres_server, postgres_url, sqlite_database

__all__ = ["database", "module_database", "postgres_server", "postgres_url", "sqlite_database"]
