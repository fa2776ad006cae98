package kr.kisgateway.simulator.catalog;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import kr.kisgateway.wire.RestCall;

/** The meaning of a KIS column, derived from its name or, where that is not conclusive, from its Korean title. */
enum Meaning {
    STOCK_NAME,
    ENGLISH_NAME,
    MEMBER_NAME,
    INDUSTRY_NAME,
    MARKET_NAME,
    CURRENCY_NAME,
    COUNTRY_NAME,
    ACCOUNT_NAME,
    SIDE_NAME,
    TITLE,
    TEXT,
    BLANK,
    YES_NO,
    SIGN,
    CODE,
    ISIN,
    REALTIME_KEY,
    INDEX_CODE,
    CURRENCY,
    COUNTRY,
    EXCHANGE,
    ORDER_NUMBER,
    BRANCH,
    ACCOUNT_NUMBER,
    ACCOUNT_PRODUCT,
    MEMBER_NUMBER,
    PRODUCT_TYPE,
    SIDE,
    CODE_WORD,
    NUMBER,
    DATE_TIME,
    TIME,
    ROW_DATE,
    PAST_DATE,
    FUTURE_DATE,
    YEAR_MONTH,
    MONTH,
    ASK,
    BID,
    ASK_QUANTITY,
    BID_QUANTITY,
    TOTAL_ASK,
    TOTAL_BID,
    LAST,
    PREVIOUS,
    OPEN,
    HIGH,
    LOW,
    UPPER,
    LOWER,
    YEAR_HIGH,
    YEAR_LOW,
    AGAINST,
    AGAINST_PERCENT,
    CHANGE,
    CHANGE_PERCENT,
    TICK,
    UNIT_PRICE,
    VOLUME,
    TURNOVER,
    LISTED_SHARES,
    DECIMALS,
    RATE,
    DECIMAL,
    GREEK,
    EXCHANGE_RATE,
    RANK,
    SIGNED_QUANTITY,
    /** Growth of a book level since its last publication. */
    BOOK_CHANGE,
    /** Bid quantity less ask quantity. */
    BOOK_NET,
    QUANTITY,
    COUNT,
    SIGNED_AMOUNT,
    AMOUNT;

    private record Rule(Pattern pattern, Meaning meaning) {
        static Rule of(String pattern, Meaning meaning) {
            return new Rule(Pattern.compile(pattern), meaning);
        }
    }

    /** Rules in the order of evaluation; the first one whose text occurs in a column's name, in lower case, decides. */
    private static final List<Rule> BY_NAME = List.of(
            Rule.of("rprs_mrkt_kor_name|mrkt_cls_name", MARKET_NAME),
            Rule.of("sale_cost|sale_account|stotprice|^total_(aset|lblt|cptl)$", AMOUNT),
            Rule.of("wday", CODE_WORD),
            Rule.of("rjct_rson", BLANK),
            Rule.of("eng_(item_)?name|eng_abrv|^ename$|^enam$", ENGLISH_NAME),
            Rule.of("mbcr_name", MEMBER_NAME),
            Rule.of("bstp_kor_isnm", INDUSTRY_NAME),
            Rule.of("(crcy|curr)(_cd)?_name", CURRENCY_NAME),
            Rule.of("natn(_kor)?_name|nation_name|natn_eng", COUNTRY_NAME),
            Rule.of("acnt_name|csac_name", ACCOUNT_NAME),
            Rule.of("sll_buy_dvsn(_cd)?_name|seln_byov_name", SIDE_NAME),
            Rule.of(
                    "isnm\\d*$|isnm40$|isin_name|item_name|prdt_name|prdt_abrv|kor_nm|kor_name|item_nm|^knam$|symb_name|kor_isnm|^name$",
                    STOCK_NAME),
            Rule.of("bond_clsf_kor_name", TEXT),
            Rule.of("titl", TITLE),
            Rule.of("(name|_nm|^nm|cntt|text|rson|reas|reason|memo|rmks|cnnm|agenda)\\d*$", TEXT),
            Rule.of("^(source|dorg)$|lead_mgr|prcs_rslt|moneyness|rght_form|dvdn_cycl|_ifom$", TEXT),
            Rule.of("tlno$|filler|_ip_addr|hmid", BLANK),
            Rule.of("yn$|yn_\\d+$", YES_NO),
            Rule.of("sign\\d*$|_xsgn$|diff_flag$|daebi$", SIGN),
            Rule.of("dtime$|dtmd$", DATE_TIME),
            Rule.of("crcy_cd|^tr_crcy|^crcy|^curr$|^crc_cd$|^crcd$|_crcy$", CURRENCY),
            Rule.of("natn_cd|nation_cd|^natn|tr_natn$", COUNTRY),
            Rule.of("^excd$|exch_c|excg_cd|exchange_cd|excg_id_dvsn_cd|^exch", EXCHANGE),
            Rule.of("bstp_cls_code|bstp_code|nmix_id|idx_clsf", INDEX_CODE),
            Rule.of("prdt_type_cd", PRODUCT_TYPE),
            Rule.of("sll_buy_dvsn_cd|seln_byov_cls|sll_buy_dvsn$|shnu_cls", SIDE),
            Rule.of("acnt_prdt_cd", ACCOUNT_PRODUCT),
            Rule.of("(hour|bsop_hour)_(cls|gb)", CODE_WORD),
            Rule.of("(prdy|smns)_.*hour_acml", VOLUME),
            Rule.of("hour\\d*$|tmd\\d*$|(^|_)time\\d*$|_tm$|hms$|^[sekv]t(i)?m$|^[se]ktm$|_tm\\d*$", TIME),
            Rule.of("yymm$", YEAR_MONTH),
            Rule.of("stac_month$|setl_mm", MONTH),
            Rule.of(
                    "^(stck_)?bsop_date$|^[xkt]ymd$|^date\\d*$|^dt$|^ord_dt$|^trad_(dt|day)$|^data_(date|dt)$|^deal_date$|^dmst_ord_dt$"
                            + "|^bass_dt$|^sbsnsdate$|^record_da?te?$|^ccld_dt|^inqr_dt$|^today$|^quot_date$|^proc_date$|^dymd$|^base_date$",
                    ROW_DATE),
            Rule.of(
                    "(expd|end|last_tr|redempt|mtrt|expr|fin|to|pay|dfrm|rdpt|sttl|excc).*(date|_dt)\\d*$|^exdt$|close_date",
                    FUTURE_DATE),
            Rule.of("date\\d*$|_dt\\d*$|ymd$|_day$|^estdate$", PAST_DATE),
            Rule.of("stnd_iscd|std_pdno|isin", ISIN),
            Rule.of("^rsym$", REALTIME_KEY),
            Rule.of("iscd\\d*$|pdno\\d*$|^symb$|^sht_cd$|srs_cd|series_cd|^series$|^code$|item_cd$", CODE),
            Rule.of("odno\\d*$|oder_no$|ord_no$", ORDER_NUMBER),
            Rule.of("brno$|orgno$|brnc_no$", BRANCH),
            Rule.of("^cano$|acno|acnt_no|acct_no", ACCOUNT_NUMBER),
            Rule.of("mbcr_no", MEMBER_NUMBER),
            Rule.of("_cd\\d*$|_code\\d*$|(^|_)(dvsn|kind|type|gb|tp|stat|flag|cls|cond|gubun)\\d*$", CODE_WORD),
            Rule.of("csnu\\d*$", COUNT),
            Rule.of("askp_(rsqn_)?icdc\\d*$|bidp_(rsqn_)?icdc\\d*$|^dask\\d*|^dbid\\d*|^[ab]dvl$", BOOK_CHANGE),
            Rule.of("ntby_aspr_rsqn$", BOOK_NET),
            Rule.of("rsqn_icdc\\d*$|qty_icdc\\d*$", SIGNED_QUANTITY),
            Rule.of("total_askp_rsqn$|tot_ask_qntt|^avol$", TOTAL_ASK),
            Rule.of("total_bidp_rsqn$|tot_bid_qntt|^bvol$", TOTAL_BID),
            Rule.of("askp_rsqn\\d*$|^vask\\d*$|ask_qntt\\d*$", ASK_QUANTITY),
            Rule.of("bidp_rsqn\\d*$|^vbid\\d*$|bid_qntt\\d*$", BID_QUANTITY),
            Rule.of("(^|_|\\d_)(askp|pask|ask_price)\\d*$|^pask\\d*$", ASK),
            Rule.of("(^|_|\\d_)(bidp|pbid|bid_price)\\d*$|^pbid\\d*$", BID),
            Rule.of("(oprc|hgpr|lwpr|sdpr)\\d*_vrss_(nmix_)?prpr$|nmix_vrss|clpr_vrss_(oprc|hgpr|lwpr)$", AGAINST),
            Rule.of("(oprc|hgpr|lwpr|sdpr|clpr).*vrss.*(rate|ctrt)$|(oprc|hgpr|lwpr)_prdy_ctrt$", AGAINST_PERCENT),
            Rule.of("exrt\\d*$|^t_rate$|^p_rate$", EXCHANGE_RATE),
            Rule.of("prdy_ctrt\\d*$|^rate$|fltt_rt$|chgrate$|diff_rate$|chggrate$|xrat$", CHANGE_PERCENT),
            Rule.of("prdy_vrss\\d*$|^diff$|^change$|diff_price$|expchange$|cprs_icdc$|xdif$|cntg_vrss$", CHANGE),
            Rule.of("(w52|d250|dryy|year|h52).*(hgpr|high)$|^h52p$", YEAR_HIGH),
            Rule.of("(w52|d250|dryy|year|l52).*(lwpr|low)$|^l52p$", YEAR_LOW),
            Rule.of("prdy_clpr\\d*$|bfdy_clpr$|^base$|sdpr\\d*$|prev_price$|recprice$|prdy_nmix$", PREVIOUS),
            Rule.of("oprc\\d*$|^open\\d*$|^popen$|open_price$", OPEN),
            Rule.of("hgpr\\d*$|^high\\d*$|^phigh$|high_price$", HIGH),
            Rule.of("lwpr\\d*$|^low\\d*$|^plow$|low_price$|lowp_rice$", LOW),
            Rule.of("mxpr\\d*$|^uplp$|uplmtprice$", UPPER),
            Rule.of("llam\\d*$|^dnlp$|dnlmtprice$", LOWER),
            Rule.of("aspr_unit|hogau|tick_sz|tick_size", TICK),
            Rule.of(
                    "prpr\\d*$|clpr\\d*$|^last$|^price$|^clos$|now_pric\\d*$|close_pr|pbpr$|_cnpr$|expprice$|last_price$|xprc$",
                    LAST),
            Rule.of("delta|gam+a|vega|theta|^rho$", GREEK),
            Rule.of("nav$", UNIT_PRICE),
            Rule.of("zdiv|disp_digit|dcpt", DECIMALS),
            Rule.of("prdy_vol$|^pvol$", QUANTITY),
            Rule.of("^tvol$|^vol$|acml_vol\\d*$", VOLUME),
            Rule.of("tr_pbmn$|^tamt$|^eamt$", TURNOVER),
            Rule.of("lstn_stcn$|^shar$", LISTED_SHARES),
            Rule.of(
                    "(rate|_rt|rlim|inrt|ctrt|tnrt|dsrt|dprt|vltl|rltv|cttr|^powx|^strn|^[tv]pow|ratem|weit|_ert|errt|esdg|gvrt|pftrt|hdrt|lmtrt|rvrt)\\d*$",
                    RATE),
            Rule.of(
                    "unpr\\d*$|pric\\d*$|_prc\\d*$|price\\d*$|^acpr$|sspr$|prvs\\d*$|unit_pric|fcam$|_pri$",
                    UNIT_PRICE),
            Rule.of(
                    "^(per|pbr|eps|bps|pcr|psr|sps)x?$|_val\\d*$|idx\\d*$|nmix$|basis|^eva$|ebitda|roe|^hts_thpr$|thpr$|prit$|cfp$|gear$",
                    DECIMAL),
            Rule.of("^rank$|data_rank|^seqn$|^seq$", RANK),
            Rule.of("ntby_(qty|vol|cnqn)|vol_icdc|rsfl$", SIGNED_QUANTITY),
            Rule.of(
                    "(qty|_vol|^evol|stcn|qntt|cnqn|cnqn\\d|otst|rsqn|_smtn|_spec|_hedge|_missing|_cust|_size|_hvol|^vnit|stqt|bivl|asvl)\\d*$",
                    QUANTITY),
            Rule.of("(cnt|rcnt|_num|dcnt|mcnt|dynu|_count|^nrec|^trec|^crec|numb)\\d*$", COUNT),
            Rule.of("(_no|stno|grpseq|sqno|_seq|srno|ccno|stfno|empno|_key|_id)\\d*$", NUMBER),
            Rule.of("pfls|ntby|dfpa|icdc|_loss|erng|smtm", SIGNED_AMOUNT),
            Rule.of(
                    "(amt|smtl|mgna|fee|cash|tota|chgs|tax|tltx|rcva|sbst|sbsa|agrm|avls|mgn|tlex|ttam|tomv|valx|pbmn)\\d*$",
                    AMOUNT));

    /** The same rules for the Korean title, spaces left out. */
    private static final List<Rule> BY_TITLE = List.of(
            Rule.of("여부$", YES_NO),
            Rule.of("부호$|기호$", SIGN),
            Rule.of("일시$", DATE_TIME),
            Rule.of("(일자|기간|시한|일)(\\d|\\(.*\\))*$", PAST_DATE),
            Rule.of("(시각|시간)\\d*$", TIME),
            Rule.of("(코드|구분|종류|유형|상태)\\d*$", CODE_WORD),
            Rule.of("(명|내용|사유|비고|제목|방법|의견)\\d*$", TEXT),
            Rule.of("(번호|순번)\\d*$", NUMBER),
            Rule.of("순위", RANK),
            Rule.of("(율|률|비중|비율|도|배수|계수|%\\))\\d*$", RATE),
            Rule.of("(단가|가격|호가|가)\\d*$", UNIT_PRICE),
            Rule.of("손익|증감|대비|차금", SIGNED_AMOUNT),
            Rule.of("(수량|물량|잔량|거래량|체결량|주수|주식수|계약수|수)\\d*$", QUANTITY),
            Rule.of("(건수|개수|횟수|일수|개월수)\\d*$", COUNT),
            Rule.of("(금액|대금|잔액|잔고|비용|수수료|세금|금|자산|자본|부채|이익|손실|합계|총액|대용|현금|이자|매출액|원가|수익|액|차익|순이익|상각비)\\d*$", AMOUNT));

    static Meaning of(RestCall.Column column) {
        String name = column.name().toLowerCase(Locale.ROOT);
        for (Rule rule : BY_NAME) {
            if (rule.pattern().matcher(name).find()) {
                return rule.meaning();
            }
        }
        String title = column.nameKo().replace(" ", "");
        for (Rule rule : BY_TITLE) {
            if (rule.pattern().matcher(title).find()) {
                return rule.meaning();
            }
        }
        return DECIMAL;
    }
}
