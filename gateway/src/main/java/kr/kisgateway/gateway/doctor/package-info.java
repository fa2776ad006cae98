/**
 * {@code doctor}: checks that an operator runs before trusting the gateway. It may use settings, the market's calendars
 * and the client of KIS; a new check is a class here and an option of {@code DoctorCommand}.
 */
@NullMarked
package kr.kisgateway.gateway.doctor;

import org.jspecify.annotations.NullMarked;
