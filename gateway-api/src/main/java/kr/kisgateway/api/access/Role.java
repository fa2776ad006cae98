package kr.kisgateway.api.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/** Permissions of a caller. Each role includes those before it. */
public enum Role {
    /** Reads market data. */
    QUOTE,
    /** Also places orders, and reads the portfolio of its accounts. */
    TRADE,
    /** Also operates the gateway for all callers: reconnect, kill switch, limits, reconciliation, warmup. */
    OPERATOR,
    /** Also manages the keys of others. */
    ADMIN;

    /**
     * Role of a key; each role includes those before it. {@code quote} reads market data; {@code trade} also places orders
     * and reads its accounts; {@code operator} also makes calls that concern all callers; {@code admin} also manages keys.
     * | 키의 역할. 뒤의 역할은 앞의 역할을 포함합니다. {@code quote}: 시세 조회. {@code trade}: 주문과 자기 계좌 조회. {@code operator}: 모든 호출자에게 영향을 주는
     * 호출. {@code admin}: 키 관리.
     */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
    @OneOf({"quote", "trade", "operator", "admin"})
    public @interface Name {}

    /** The name in the API and in settings. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All names. */
    public static List<String> wireNames() {
        return Arrays.stream(values()).map(Role::wireName).toList();
    }

    public static Optional<Role> of(String wireName) {
        return Arrays.stream(values())
                .filter(role -> role.wireName().equals(wireName))
                .findFirst();
    }

    /** Whether this role includes {@code needed}. */
    public boolean covers(Role needed) {
        return ordinal() >= needed.ordinal();
    }
}
