// SPDX-License-Identifier: Apache-2.0
#ifndef COMITY_CPOSTGRES_H
#define COMITY_CPOSTGRES_H

#include <libpq-fe.h>

#endif
