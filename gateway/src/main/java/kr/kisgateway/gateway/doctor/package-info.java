/**
 * {@code doctor}: checks that a person asks for before the gateway is trusted with something. It may use settings, the
 * market's calendars and the client of KIS; a new check is a class here and an option of {@code DoctorCommand}.
 */
@NullMarked
package kr.kisgateway.gateway.doctor;

import org.jspecify.annotations.NullMarked;
