package kr.kisgateway.api.session;

/**
 * Registration slots of one country (KIS_WS_KR_HOURS); null where both countries share the slots. | 국가별 등록 슬롯
 * (KIS_WS_KR_HOURS). 두 국가가 슬롯을 함께 쓰면 null.
 *
 * @param registrationsMax Registrations that the sockets take of this country now, execution notices included. | 현재 이
 *     국가에 배정된 최대 등록 건수. 체결통보 포함.
 * @param notices Of these, registrations of execution notices, which never yield to a demand. | 그중 체결통보 등록 건수. 다른 수요에
 *     양보하지 않습니다.
 * @param taken Slots in use, without those of execution notices. | 사용 중인 등록 슬롯 수. 체결통보 제외.
 * @param statuses Of the slots in use, those of stock statuses (KIS_WS_MARKET_STATUS), which yield to any demand at
 *     once. | 사용 중인 슬롯 중 장운영정보 등록 건수 (KIS_WS_MARKET_STATUS). 다른 수요가 있으면 즉시 양보합니다.
 * @param free Free slots. | 남은 등록 슬롯 수.
 */
public record PoolSlots(long registrationsMax, long notices, long taken, long statuses, long free) {}
