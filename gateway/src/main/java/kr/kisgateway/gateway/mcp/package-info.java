/** {@code /mcp}: agents, as callers of the API like any other. */
@NullMarked
package kr.kisgateway.gateway.mcp;

import org.jspecify.annotations.NullMarked;
