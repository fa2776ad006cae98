/**
 * Databases in which stores keep their tables: a file of SQLite, or a schema of PostgreSQL, where one is configured
 * ({@code DATABASE_URL}). A store has one {@link kr.kisgateway.gateway.database.StoreConnection} to its
 * {@link kr.kisgateway.gateway.database.StoreDatabase}, and writes one subset of SQL;
 * {@link kr.kisgateway.gateway.database.Dialect} has what differs.
 */
@NullMarked
package kr.kisgateway.gateway.database;

import org.jspecify.annotations.NullMarked;
