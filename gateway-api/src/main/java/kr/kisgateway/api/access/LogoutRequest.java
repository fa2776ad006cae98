package kr.kisgateway.api.access;

import java.util.Optional;
import kr.kisgateway.api.schema.Default;
import kr.kisgateway.api.schema.OmittedWhenEmpty;

/**
 * Which logins end. | 끝낼 로그인.
 *
 * @param everywhere Whether all logins of this API key end, on other devices, too; false by default. | 다른 기기를 포함해 이 키의
 *     모든 로그인을 끝낼지 여부 (기본 false).
 */
public record LogoutRequest(
        @Default("false") @OmittedWhenEmpty Optional<Boolean> everywhere) {}
