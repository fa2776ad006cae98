package kr.kisgateway.api.version;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OneOf;

/**
 * The versions of the API and how much each is used. | API 버전과 버전별 사용 현황.
 *
 * @param versions The versions. | 버전 목록.
 */
public record ApiVersions(List<Version> versions) {
    /**
     * A version. | 버전 하나.
     *
     * @param name Its name in paths. | 경로에 쓰는 이름.
     * @param version Semantic version. | 유의적 버전.
     * @param path Begin of its paths. | 경로의 시작 부분.
     * @param on Whether its calls are answered. | 호출에 응답하는지 여부.
     * @param deprecatedOn Day from which another version replaces it; null if none does. | 대체 버전이 나온 날. 없으면 null.
     * @param sunsetOn Day from which a release may no longer have it; null if none does. | 지원이 끝날 수 있는 날. 없으면 null.
     * @param calls Calls since the start, refused ones and opened streams included. | 시작 이후 호출 수. 거부된 호출과 스트림 접속 포함.
     * @param sharePct Of the calls of all versions, in percent to one decimal. | 전체 호출 중 비율 (%, 소수 1자리까지).
     * @param lastCallMs Time of the last call, epoch ms; null before the first. | 마지막 호출 시각 (epoch ms). 없으면 null.
     */
    public record Version(
            @OneOf({"v1", "v3.0", "v3.1"}) String name,
            @Form("^[0-9]+\\.[0-9]+\\.[0-9]+$") String version,
            String path,
            boolean on,
            Optional<LocalDate> deprecatedOn,
            Optional<LocalDate> sunsetOn,
            long calls,
            BigDecimal sharePct,
            OptionalLong lastCallMs) {}
}
