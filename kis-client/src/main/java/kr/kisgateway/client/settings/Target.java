package kr.kisgateway.client.settings;

import java.util.Locale;

/** The KIS environment ({@code KIS_ENV}). */
public enum Target {
    /** A simulator: invented prices, invented money. */
    SIM,
    /** KIS's paper trading (모의투자); in the SDK without any credentials a simulator with its limits. */
    MOCK,
    /** KIS itself: real money. */
    LIVE;

    /** The value of {@code KIS_ENV}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
