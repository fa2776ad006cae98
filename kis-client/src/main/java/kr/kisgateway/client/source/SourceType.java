package kr.kisgateway.client.source;

import java.util.Locale;

/** Where market data comes from. */
public enum SourceType {
    /** The broker. */
    KIS,
    /** The Korea Exchange's Open API: published days only. */
    KRX,
    /** The simulator: invented prices. */
    MOCK;

    /** Its name in {@code DATA_SOURCE_TYPE}, {@code krx}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
