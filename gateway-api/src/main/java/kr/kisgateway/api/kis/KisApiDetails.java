package kr.kisgateway.api.kis;

import java.util.List;
import java.util.Optional;

/**
 * One of KIS's APIs with its parameters and the columns of its answer, as KIS documents them. | KIS API 의 요청 변수와 응답 항목.
 *
 * @param api The API. | API 정보.
 * @param parameters Those that can be given; the account is inserted by the gateway. | 요청 변수. 계좌번호는 게이트웨이가 넣습니다.
 * @param blocks Blocks of the answer. | 응답 블록.
 * @param hasPages Whether the answer may have further pages. | 다음 페이지가 있을 수 있는지 여부.
 * @param inPaper Whether KIS's practice environment has it. | 모의투자 지원 여부.
 */
public record KisApiDetails(
        KisApi api, List<Parameter> parameters, List<Block> blocks, boolean hasPages, boolean inPaper) {
    /**
     * A parameter. | 요청 변수 하나.
     *
     * @param name As KIS spells it. | KIS 표기의 이름.
     * @param title KIS's title, Korean. | 한글명.
     * @param about Values that it can have, Korean; often empty. | 설명.
     * @param required Whether a call without it is refused. | 필수 여부.
     * @param example A value as KIS's samples have it; null when they have none. | 예시. 없으면 null.
     */
    public record Parameter(String name, String title, String about, boolean required, Optional<String> example) {}

    /**
     * A block of the answer. | 응답 블록 하나.
     *
     * @param name As {@code output}, {@code output1}. | 블록 이름.
     * @param list Whether it is a list of rows; null where KIS answers either. | 목록 여부. 둘 다 가능하면 null.
     * @param columns Its columns. | 항목.
     */
    public record Block(String name, Optional<Boolean> list, List<Column> columns) {}

    /**
     * A column of the answer. | 응답 항목 하나.
     *
     * @param name As KIS spells it. | KIS 표기의 이름.
     * @param title KIS's title, Korean. | 한글명.
     */
    public record Column(String name, String title) {}
}
