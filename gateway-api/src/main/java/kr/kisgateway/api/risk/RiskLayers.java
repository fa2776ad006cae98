package kr.kisgateway.api.risk;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.schema.AcceptsNull;
import kr.kisgateway.api.schema.OmittedWhenEmpty;

/**
 * Limits that replace all limits in force. Each limit in force must be named, with null to remove it; a limit that is
 * left out is refused with {@code MISSING_FIELD}. | 현재 한도 전체를 대체하는 한도. 설정된 한도는 모두 포함해야 하며 null 은 해제입니다. 빠진 한도가 있으면
 * MISSING_FIELD 로 거부합니다.
 *
 * @param gateway Limits of the gateway's layer. | 게이트웨이 계층의 한도.
 * @param accounts Limits by alias of an existing account; null removes those of an account, or of all. | 계좌 별칭별 한도.
 *     존재하는 계좌만 가능. null 은 해당 계좌 또는 전체 계좌의 한도 해제.
 * @param strategies Limits by strategy label; null removes those of a strategy, or of all. | 전략별 한도. null 은 해당 전략 또는
 *     전체 전략의 한도 해제.
 * @param keys Limits by name of an API key; null removes those of a key, or of all. | API 키 이름별 한도. null 은 해당 키 또는 전체
 *     키의 한도 해제.
 * @param guards Guards as {@code GET /v1/risk/limits} returns them; other values are refused. | GET /v1/risk/limits 가
 *     반환한 값 그대로. 다른 값은 거부합니다.
 * @param setBy As {@code GET /v1/risk/limits} returns it; sets nothing. | GET /v1/risk/limits 의 값. 설정에 영향이 없습니다.
 * @param setAt As {@code GET /v1/risk/limits} returns it; sets nothing. | GET /v1/risk/limits 의 값. 설정에 영향이 없습니다.
 * @param warnings As {@code GET /v1/risk/limits} returns them; set nothing. | GET /v1/risk/limits 의 값. 설정에 영향이 없습니다.
 */
@AcceptsNull
public record RiskLayers(
        RiskLimits gateway,
        @OmittedWhenEmpty Optional<Map<String, Optional<RiskLimits>>> accounts,
        @OmittedWhenEmpty Optional<Map<String, Optional<RiskLimits>>> strategies,
        @OmittedWhenEmpty Optional<Map<String, Optional<RiskLimits>>> keys,
        @OmittedWhenEmpty Optional<RiskPolicy.LiveGuards> guards,
        @OmittedWhenEmpty Optional<String> setBy,
        @OmittedWhenEmpty Optional<OffsetDateTime> setAt,
        @OmittedWhenEmpty Optional<List<String>> warnings) {}
