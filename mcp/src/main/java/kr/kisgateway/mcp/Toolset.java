package kr.kisgateway.mcp;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A group of tools; {@code MCP_TOOLSETS} chooses which an agent is offered. */
public enum Toolset {
    MARKET,
    ACCOUNT,
    OPERATIONS,
    /** Any API of KIS by its name. */
    KIS,
    /** Orders; {@code MCP_TRADING} offers them. */
    TRADING;

    /** Its word in {@code MCP_TOOLSETS}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Those that {@code MCP_TOOLSETS} can name. */
    public static List<Toolset> reading() {
        return List.of(MARKET, ACCOUNT, OPERATIONS, KIS);
    }

    public static Optional<Toolset> of(String wireName) {
        return Arrays.stream(values())
                .filter(it -> it.wireName().equals(wireName))
                .findFirst();
    }
}
