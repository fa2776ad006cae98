package kr.kisgateway.api.access;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Who calls, and the login by which. | 호출자와 로그인 상태.
 *
 * @param name Name of the API key, `local` without one. | API 키 이름, 키가 없으면 `local`.
 * @param role Role of the calls: `quote`, `trade`, `operator` or `admin`. | 권한.
 * @param key Whether the caller has an API key. | API 키로 호출하는지 여부.
 * @param accounts Accounts it may use; null, all. | 사용할 수 있는 계좌 (null 이면 전체).
 * @param symbols Symbols it may see and order; null, all. | 조회, 주문할 수 있는 종목 (null 이면 전체).
 * @param own Whether it sees only its own orders. | 자기 주문만 볼 수 있는지 여부.
 * @param csrfToken Value of the header X-CSRF-Token, which changing calls by this login need; null without a login. | 변경 호출에
 *     필요한 X-CSRF-Token 값 (로그인이 아니면 null).
 * @param idleEndsAt When the login ends without a further call. | 호출이 없으면 로그인이 끝나는 시각.
 * @param endsAt When the login ends in any case. | 로그인이 끝나는 시각.
 */
public record Login(
        String name,
        @Role.Name String role,
        boolean key,
        Optional<List<String>> accounts,
        Optional<List<String>> symbols,
        boolean own,
        Optional<String> csrfToken,
        Optional<OffsetDateTime> idleEndsAt,
        Optional<OffsetDateTime> endsAt) {}
