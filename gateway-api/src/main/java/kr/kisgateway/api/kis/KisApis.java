package kr.kisgateway.api.kis;

import java.util.List;
import kr.kisgateway.api.schema.Range;

/**
 * KIS's APIs that were found. | 검색된 KIS API 목록.
 *
 * @param apis In the order of KIS's portal. | KIS 포털 순서의 목록.
 * @param total How many were found; more than {@code apis} has when the limit left some out. | 검색된 전체 건수. limit 보다 많으면
 *     apis 에는 일부만 있습니다.
 */
public record KisApis(List<KisApi> apis, @Range(min = 0) long total) {}
