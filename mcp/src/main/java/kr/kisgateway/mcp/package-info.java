/**
 * The Model Context Protocol: the gateway's API as tools of agents. {@link kr.kisgateway.mcp.McpServer} answers one message at a
 * time, of the stateless revision 2026-07-28 and of 2025-11-25, and knows neither HTTP nor stdio; {@link kr.kisgateway.mcp.ApiPort} is the
 * API behind it, called as the agent's own key.
 */
@NullMarked
package kr.kisgateway.mcp;

import org.jspecify.annotations.NullMarked;
