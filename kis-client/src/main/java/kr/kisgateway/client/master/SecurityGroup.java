package kr.kisgateway.client.master;

/** The kind of security of a listing (증권그룹구분코드). */
public enum SecurityGroup {
    /** 주권. */
    STOCK("ST"),
    /** 증권투자회사. */
    INVESTMENT_COMPANY("MF"),
    /** 부동산투자회사. */
    REIT("RT"),
    /** 선박투자회사. */
    SHIP_INVESTMENT("SC"),
    /** 사회간접자본투융자회사. */
    INFRASTRUCTURE("IF"),
    /** 주식예탁증권. */
    DEPOSITARY_RECEIPT("DR"),
    /** 주식워런트증권. */
    ELW("EW"),
    /** 상장지수펀드. */
    ETF("EF"),
    /** 상장지수증권. */
    ETN("EN"),
    /** 신주인수권증권. */
    SUBSCRIPTION_WARRANT("SW"),
    /** 신주인수권증서. */
    SUBSCRIPTION_RIGHT("SR"),
    /** 수익증권. */
    BENEFICIARY_CERTIFICATE("BC"),
    /** 해외 ETF. */
    FOREIGN_ETF("FE"),
    /** 외국주권. */
    FOREIGN_STOCK("FS");

    private final String code;

    SecurityGroup(String code) {
        this.code = code;
    }

    static Coded<SecurityGroup> of(String code) {
        return Coded.of(code, values(), it -> it.code);
    }
}
