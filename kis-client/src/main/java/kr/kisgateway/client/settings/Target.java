package kr.kisgateway.client.settings;

import java.util.Locale;

/** Which KIS is meant ({@code KIS_ENV}). */
public enum Target {
    /** A simulator: invented prices, invented money. */
    SIM,
    /** KIS's paper trading (모의투자); in the SDK without any credentials a simulator that has its limits. */
    MOCK,
    /** KIS itself: real money. */
    LIVE;

    /** The value of {@code KIS_ENV}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
