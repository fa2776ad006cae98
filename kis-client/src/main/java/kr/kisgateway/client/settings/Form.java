package kr.kisgateway.client.settings;

/** The form of a setting's value. */
public enum Form {
    TEXT("text", "문자열"),
    KEYWORD("word", "단어"),
    FLAG("true or false", "true 또는 false"),
    PORT("port, 0 takes a free one", "포트, 0이면 빈 포트"),
    COUNT("whole number", "정수"),
    LIMIT("number, or none", "숫자 또는 none"),
    DURATION("time: 5s, 500ms, 2m, 1h; seconds without a unit", "시간: 5s, 500ms, 2m, 1h; 단위가 없으면 초"),
    SECONDS("whole seconds", "초 단위 정수"),
    DAYS("days: 30d, or off", "일수: 30d 또는 off"),
    BYTES("size: bytes, 256MB, 1GB", "크기: 바이트, 256MB, 1GB"),
    TIME_OF_DAY("time of the day in Seoul: 08:30", "서울 시각: 08:30"),
    HOURS("part of the day in Seoul: 08:30-16:30", "서울 시각 구간: 08:30-16:30"),
    ADDRESS("address", "주소"),
    PATH("file or folder", "파일 또는 폴더"),
    SYMBOLS("symbols, commas between", "종목코드, 쉼표로 구분"),
    NAMES("names, commas between", "이름, 쉼표로 구분"),
    SECRET("secret text", "비밀 문자열"),
    /** An account number: two digits of it are displayed. */
    ACCOUNT("account number", "계좌번호"),
    /** May contain a password. */
    SECRET_ADDRESS("address, may contain a password", "주소, 비밀번호 포함 가능");

    private final String english;
    private final String korean;

    Form(String english, String korean) {
        this.english = english;
        this.korean = korean;
    }

    /** Whether a value must not be displayed. */
    public boolean isSecret() {
        return this == SECRET || this == SECRET_ADDRESS;
    }

    /** The form in English, with its unit. */
    public String english() {
        return english;
    }

    /** The form in Korean, with its unit. */
    public String korean() {
        return korean;
    }

    /** {@code text} as it may be displayed: secrets not at all, account numbers by their first two digits. */
    public String mask(String text) {
        return switch (this) {
            case SECRET, SECRET_ADDRESS -> "***";
            case ACCOUNT -> text.length() <= 2 ? "***" : text.substring(0, 2) + "***";
            default -> text;
        };
    }
}
