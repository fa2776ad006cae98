/**
 * {@code doctor}: checks that an operator runs before trusting the gateway. They read settings, calendars, files and addresses, and
 * change nothing; a new check is a constant of {@link kr.kisgateway.gateway.doctor.DoctorItem}, a method here and a line in {@code
 * DoctorModule}.
 */
@NullMarked
package kr.kisgateway.gateway.doctor;

import org.jspecify.annotations.NullMarked;
