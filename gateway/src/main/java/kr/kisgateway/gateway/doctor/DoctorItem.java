package kr.kisgateway.gateway.doctor;

import java.util.Locale;

/** Every line of {@code ./kis doctor}, in its order. */
public enum DoctorItem {
    SETTINGS("settings", "설정"),
    KEYS("app keys and environment", "앱키와 환경"),
    ACCOUNTS("product codes of the accounts", "계좌상품코드"),
    HTS_ID("HTS id", "HTS ID"),
    LIMITS("order limits", "주문 한도"),
    LIVE_TRADING("live trading", "실주문"),
    REGISTRATIONS("registrations", "실시간 등록"),
    TRADING_DAY("trading day", "거래일"),
    CLOCK("clock", "시계"),
    DNS("names of KIS's hosts", "KIS 호스트 이름"),
    TLS("encryption of KIS's REST host", "KIS REST 암호화"),
    WEBSOCKET("KIS's WebSocket", "KIS 웹소켓"),
    PLAIN_TEXT("encryption of KIS's WebSocket", "KIS 웹소켓 암호화"),
    EGRESS("address that KIS sees", "KIS가 보는 주소"),
    DISK("disk", "디스크"),
    PERMISSIONS("permissions", "파일 권한"),
    MASTER_KEY("master key", "마스터 키"),
    JOURNAL("journal", "저널"),
    BACKUP("backup", "백업"),
    CERTIFICATE("certificate of the ports", "포트 인증서"),
    PORTS("ports", "포트");

    private final String title;
    private final String titleKo;

    DoctorItem(String title, String titleKo) {
        this.title = title;
        this.titleKo = titleKo;
    }

    /** The word in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is checked. */
    public String title() {
        return title;
    }

    /** The same in Korean. */
    public String titleKo() {
        return titleKo;
    }
}
