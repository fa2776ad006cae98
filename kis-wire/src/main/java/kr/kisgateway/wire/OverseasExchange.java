package kr.kisgateway.wire;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;

/** An exchange abroad, by the name that orders and balances use ({@code OVRS_EXCG_CD}); quotes have another code. */
public enum OverseasExchange {
    /** NASDAQ. */
    NASD("NAS", "BAQ", "America/New_York"),
    /** New York. */
    NYSE("NYS", "BAY", "America/New_York"),
    /** NYSE American and Arca. */
    AMEX("AMS", "BAA", "America/New_York"),
    /** Hong Kong. */
    SEHK("HKS", "", "Asia/Hong_Kong"),
    /** Shanghai, A shares. */
    SHAA("SHS", "", "Asia/Shanghai"),
    /** Shenzhen, A shares. */
    SZAA("SZS", "", "Asia/Shanghai"),
    /** Tokyo. */
    TKSE("TSE", "", "Asia/Tokyo"),
    /** Hanoi. */
    HASE("HNX", "", "Asia/Ho_Chi_Minh"),
    /** Ho Chi Minh City. */
    VNSE("HSX", "", "Asia/Ho_Chi_Minh");

    private final String quoteCode;
    private final String dayCode;
    private final ZoneId zone;

    OverseasExchange(String quoteCode, String dayCode, String zone) {
        this.quoteCode = quoteCode;
        this.dayCode = dayCode;
        this.zone = ZoneId.of(zone);
    }

    /** The exchange that orders and balances call {@code code}; empty for one that this library does not know. */
    public static Optional<OverseasExchange> of(String code) {
        return Arrays.stream(values()).filter(it -> it.name().equals(code)).findFirst();
    }

    /** The exchange that quotes and master files call {@code code} ({@code EXCD}). */
    public static Optional<OverseasExchange> ofQuote(String code) {
        return Arrays.stream(values()).filter(it -> it.quoteCode.equals(code)).findFirst();
    }

    /** The name that quotes and realtime use ({@code EXCD}), {@code NAS} for NASD. */
    public String quoteCode() {
        return quoteCode;
    }

    /** The name that the US day market (주간거래) uses, {@code BAQ} for NASD; empty elsewhere. */
    public Optional<String> dayCode() {
        return dayCode.isEmpty() ? Optional.empty() : Optional.of(dayCode);
    }

    /** Where its clocks are. */
    public ZoneId zone() {
        return zone;
    }

    /** Whether it is in the USA. */
    public boolean isUs() {
        return !dayCode.isEmpty();
    }
}
