package kr.kisgateway.mcp;

import java.util.Locale;

/** A group of tools; {@code MCP_TOOLSETS} chooses which an agent is offered. */
public enum Toolset {
    MARKET,
    ACCOUNT,
    OPERATIONS;

    /** Its word in {@code MCP_TOOLSETS}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
