package kr.kisgateway.client.settings;

/** A group of the table of settings. */
public enum SettingGroup {
    BROKER("Which KIS", "접속 대상"),
    CREDENTIALS("App keys and accounts", "앱키와 계좌"),
    ADDRESSES("Addresses of KIS", "KIS 주소"),
    CALLS("Calls to KIS", "KIS 호출"),
    REALTIME("Realtime data", "실시간 시세"),
    GATEWAY("The gateway's address and access", "게이트웨이 주소와 접근"),
    FOLDERS("Folders and the journal", "폴더와 저널"),
    CLUSTER("Several machines", "여러 컴퓨터"),
    OBSERVATION("Logs and traces", "로그와 추적"),
    ORDERS("Orders", "주문"),
    RISK("Limits of orders", "주문 한도"),
    QUOTES("Quotes and caches", "시세와 캐시"),
    INSTRUMENTS("Instruments and history", "종목과 과거 시세"),
    SIMULATOR("The embedded simulator", "내장 시뮬레이터"),
    COMMANDS("Commands and launcher", "명령과 실행 스크립트");

    private final String english;
    private final String korean;

    SettingGroup(String english, String korean) {
        this.english = english;
        this.korean = korean;
    }

    /** The heading in English. */
    public String english() {
        return english;
    }

    /** The heading in Korean. */
    public String korean() {
        return korean;
    }
}
