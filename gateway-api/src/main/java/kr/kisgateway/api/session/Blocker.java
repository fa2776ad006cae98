package kr.kisgateway.api.session;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * A condition that keeps the gateway from trading. MISSING_REQUIRED_ENV, READ_ONLY and LIVE_DISABLED come from the
 * settings and end only with a restart under other settings; {@code /health/ready} leaves them out. NOT_OWNER:
 * another program uses the session of the app key (OPSP8996), or
 * another gateway of the cluster owns the accounts. EGRESS_ADDRESS: the address from which KIS sees the
 * gateway is not known to be one of NETWORK_EGRESS_ALLOW. Orders are refused with the codes READ_ONLY,
 * LIVE_DISABLED, KILL_SWITCH, DISK_LOW and JOURNAL_UNAVAILABLE where these apply, otherwise with NOT_READY and
 * {@code details.blockers}. | 거래 차단 사유. MISSING_REQUIRED_ENV, READ_ONLY, LIVE_DISABLED 는 설정에 따른 것으로 설정을 바꾸어 다시 시작해야
 * 해제되며 {@code /health/ready} 에는 포함되지 않습니다. NOT_OWNER: 다른 프로그램이 앱키의 실시간 접속을 사용 중이거나 (OPSP8996) 클러스터의 다른 게이트웨이가 계좌를 맡음. EGRESS_ADDRESS: KIS가 보는 주소가
 * NETWORK_EGRESS_ALLOW 에 있는지 확인되지 않음. 주문은 READ_ONLY,
 * LIVE_DISABLED, KILL_SWITCH, DISK_LOW, JOURNAL_UNAVAILABLE 에 해당하면 그 코드로, 그 밖에는 NOT_READY 와 {@code details.blockers}
 * 로 거부됩니다.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({
    "MISSING_REQUIRED_ENV",
    "READ_ONLY",
    "WS_DISCONNECTED",
    "WS_ERROR_PRESENT",
    "TOKEN_UNAVAILABLE",
    "NOT_OWNER",
    "KILL_SWITCH",
    "RECONCILING",
    "LIVE_DISABLED",
    "JOURNAL_UNAVAILABLE",
    "DISK_LOW",
    "EGRESS_ADDRESS"
})
public @interface Blocker {}
