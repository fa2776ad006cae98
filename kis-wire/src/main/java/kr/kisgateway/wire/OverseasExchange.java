package kr.kisgateway.wire;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;

/** An overseas exchange, by the name in orders and balances ({@code OVRS_EXCG_CD}); quotes have another code. */
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

    /** The exchange of {@code code} in orders and balances; empty for an unsupported one. */
    public static Optional<OverseasExchange> of(String code) {
        return Arrays.stream(values()).filter(it -> it.name().equals(code)).findFirst();
    }

    /** The exchange of {@code code} in quotes and master files ({@code EXCD}). */
    public static Optional<OverseasExchange> ofQuote(String code) {
        return Arrays.stream(values()).filter(it -> it.quoteCode.equals(code)).findFirst();
    }

    /** The code in quotes and realtime ({@code EXCD}), {@code NAS} for NASD. */
    public String quoteCode() {
        return quoteCode;
    }

    /** The code in the US day market (주간거래), {@code BAQ} for NASD; empty elsewhere. */
    public Optional<String> dayCode() {
        return dayCode.isEmpty() ? Optional.empty() : Optional.of(dayCode);
    }

    /** Its time zone. */
    public ZoneId zone() {
        return zone;
    }

    /** Whether it is a US exchange. */
    public boolean isUs() {
        return !dayCode.isEmpty();
    }
}
