/**
 * REST calls: {@code RestCalls} makes the bytes of a request and reads those of its answer, {@code CatalogCalls} prepares any
 * call of the catalog, {@code PageCursor} determines the next page, {@code KisHttp} sends, and {@code KisRest} waits for token and
 * slot, retries queries and sends orders once.
 */
@NullMarked
package kr.kisgateway.client.rest;

import org.jspecify.annotations.NullMarked;
