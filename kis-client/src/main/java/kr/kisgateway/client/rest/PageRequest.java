package kr.kisgateway.client.rest;

import java.util.Map;

/**
 * The request of one page.
 *
 * @param parameters the context of the page before included
 * @param isContinuation whether it continues an answer
 */
public record PageRequest(Query query, Map<String, String> parameters, boolean isContinuation) {}
