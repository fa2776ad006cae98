package kr.kisgateway.api.kis;

import java.util.List;

/**
 * One of KIS's APIs. | KIS API 하나.
 *
 * @param name Name by which it is called, as {@code domestic_stock_inquire_price}. | 호출할 때 쓰는 이름.
 * @param category Category of KIS's portal, as {@code domestic_stock}. | KIS 포털의 분류.
 * @param title KIS's title, Korean. | KIS 의 API 이름.
 * @param readOnly Whether it reads only, so that it can be called by name; the others place or change orders. | 조회 전용 여부.
 *     조회만 이름으로 호출할 수 있으며 나머지는 주문입니다.
 * @param trIds Its TR ids in the live environment; with more than one, the call names one of them. | 실전 TR ID. 둘 이상이면 호출할 때
 *     TR ID 를 이름으로 씁니다.
 */
public record KisApi(String name, String category, String title, boolean readOnly, List<String> trIds) {}
