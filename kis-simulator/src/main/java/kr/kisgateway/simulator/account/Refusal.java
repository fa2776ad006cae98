package kr.kisgateway.simulator.account;

import kr.kisgateway.simulator.catalog.Face;

/** Why a ledger of any market refuses an order, a modify or a cancel, in the words of each face. */
public enum Refusal {
    UNKNOWN_SYMBOL("APBK0656", "해당종목정보가 없습니다.", "40070000", "모의투자 주문처리가 안되었습니다(매매불가 종목)"),
    NO_HOLDING("APBK0400", "주문 가능한 수량을 초과했습니다.", "40240000", "모의투자 잔고내역이 없습니다."),
    TOO_MANY_SHARES("APBK0400", "주문 가능한 수량을 초과했습니다.", "40310000", "모의투자 주문가능수량이 부족합니다."),
    NOT_ENOUGH_CASH("APBK0952", "주문가능금액을 초과 했습니다", "40250000", "모의투자 주문가능금액이 부족합니다."),
    CLOSED_DAY("APBK0919", "장운영일자가 주문일과 상이합니다", "40100000", "모의투자 영업일이 아닙니다."),
    TOO_EARLY("APBK0918", "장운영시간이 아닙니다.", "40570000", "모의투자 장시작전 입니다."),
    US_SESSION_CLOSED("APBK1664", "해외주식 주문가능시간이 아닙니다.", "40580000", "모의투자 장종료 입니다."),
    TOO_LATE("APBK0918", "장운영시간이 아닙니다.", "40580000", "모의투자 장종료 입니다."),
    NO_NXT("APBK0506", "거래소ID구분코드를 확인하십시오.", "90000000", "모의투자에서는 해당업무가 제공되지 않습니다."),
    UNKNOWN_VENUE("APBK0506", "거래소ID구분코드를 확인하십시오.", "90000000", "모의투자에서는 해당업무가 제공되지 않습니다."),
    NO_PRICE("APBK0506", "주문단가를 입력 하십시오", "40310000", "모의투자 주문단가를 확인하십시오."),
    OUTSIDE_LIMITS("APBK0506", "주문단가가 상/하한가를 벗어났습니다.", "40270000", "모의투자 상/하한가 오류"),
    OFF_TICK("APBK0506", "주문단가의 호가단위를 확인하십시오.", "40030000", "모의투자 주문처리가 안되었습니다(호가단위 오류)"),
    PRICE_OF_MARKET_ORDER("APBK0506", "시장가류 주문의 주문단가는 0 이어야 합니다.", "40310000", "모의투자 주문단가를 확인하십시오."),
    UNKNOWN_DIVISION("APBK0506", "주문구분을 확인하십시오.", "90000000", "모의투자에서는 해당업무가 제공되지 않습니다."),
    DIVISION_NOT_ON_VENUE("APBK0506", "해당 거래소에서 가능하지 않은 주문구분입니다.", "90000000", "모의투자에서는 해당업무가 제공되지 않습니다."),
    NOT_ON_NXT("APBK0506", "NXT 거래종목이 아닙니다.", "90000000", "모의투자에서는 해당업무가 제공되지 않습니다."),
    NO_MARKET_BY_SOR("APBK0506", "시장가매매불가", "90000000", "모의투자에서는 해당업무가 제공되지 않습니다."),
    NOT_IN_AUCTION("APBK0918", "단일가매매 시간에 가능하지 않은 주문구분입니다.", "40580000", "모의투자 장종료 입니다."),
    HALTED("APBK0506", "거래정지 종목입니다.", "40070000", "모의투자 주문처리가 안되었습니다(매매불가 종목)"),
    NO_SUCH_CREDIT("APBK0506", "신용거래구분을 확인하십시오.", "90000000", "모의투자에서는 해당업무가 제공되지 않습니다."),
    NO_STOCK_LENDING("APBK0506", "대주 가능종목이 아닙니다.", "90000000", "모의투자에서는 해당업무가 제공되지 않습니다."),
    OTHER_LOAN_DATE("APBK0506", "대출일자를 확인하십시오.", "90000000", "모의투자에서는 해당업무가 제공되지 않습니다."),
    NO_CONDITION("APBK0506", "조건가격을 입력 하십시오", "40310000", "모의투자 주문단가를 확인하십시오."),
    UNKNOWN_ORIGINAL("APBK0344", "원주문정보가 존재하지 않습니다.", "40320000", "모의투자 원주문번호가 존재하지 않습니다."),
    NOTHING_LEFT("APBK0344", "정정/취소 가능수량이 없습니다.", "40330000", "모의투자 정정/취소할 수량이 없습니다."),
    MORE_THAN_OPEN("APBK0344", "정정/취소 가능수량을 초과하였습니다.", "40330000", "모의투자 정정/취소할 수량이 없습니다."),
    OTHER_VENUE("APBK0344", "원주문의 거래소와 일치하지 않습니다.", "40320000", "모의투자 원주문번호가 존재하지 않습니다.");

    private final String liveCode;
    private final String liveText;
    private final String paperCode;
    private final String paperText;

    Refusal(String liveCode, String liveText, String paperCode, String paperText) {
        this.liveCode = liveCode;
        this.liveText = liveText;
        this.paperCode = paperCode;
        this.paperText = paperText;
    }

    /** KIS's code of it (msg_cd). */
    public String code(Face face) {
        return face == Face.LIVE ? liveCode : paperCode;
    }

    /** KIS's text of it (msg1). */
    public String text(Face face) {
        return face == Face.LIVE ? liveText : paperText;
    }
}
