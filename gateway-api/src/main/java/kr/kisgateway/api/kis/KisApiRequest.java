package kr.kisgateway.api.kis;

import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;

/**
 * A call of one of KIS's APIs. | KIS API 호출.
 *
 * @param parameters By KIS's names, in any letter case, each a text; without the account. | KIS 이름(대소문자 무관)의 요청 변수. 값은
 *     문자열이며 계좌번호는 제외합니다.
 * @param accountId Alias of the account for what is about one; the caller's first when left out. | 계좌 별칭. 생략 시 사용할 수 있는 첫
 *     계좌.
 * @param next {@code next} of the answer before, for the following page. | 다음 페이지를 조회할 때 이전 응답의 next.
 */
public record KisApiRequest(
        @OmittedWhenEmpty Optional<Map<String, String>> parameters,
        @OmittedWhenEmpty Optional<String> accountId,
        @OmittedWhenEmpty Optional<Map<String, String>> next) {}
