package kr.kisgateway.api.session;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * Whether the gateway is ready; blockers that come from the settings do not count. | 준비 상태. 설정에 따른 거래 차단 사유는 제외합니다.
 *
 * @param status READY without blockers (HTTP 200), otherwise NOT_READY (HTTP 503). | 거래 차단 사유가 없으면 READY (HTTP 200),
 *     있으면 NOT_READY (HTTP 503).
 * @param blockers Current blockers that do not come from the settings; empty when ready. | 설정에 따른 것을 제외한 현재 거래 차단 사유.
 *     준비되면 빈 목록.
 * @param faceProblem Why the port for programs written for KIS could not be opened, and which setting changes it; left out when it
 *     is open, or off by the settings. It is no blocker. | KIS 호환 포트를 열지 못한 이유와 바꿀 설정. 열려 있거나 설정으로 껐으면 생략. 거래 차단 사유는
 *     아닙니다.
 */
public record Ready(
        @OneOf({"READY", "NOT_READY"}) String status,
        List<@Blocker String> blockers,
        @OmittedWhenEmpty Optional<String> faceProblem) {}
