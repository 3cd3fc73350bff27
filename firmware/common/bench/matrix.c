// SPDX-License-Identifier: MIT
/* Matrices of 16-bit numbers: by a number, by a vector, by each other, and by bit fields of the product. */
#include "bench.h"

#define SIZE 12

static int16_t a[SIZE][SIZE], b[SIZE][SIZE];
static int32_t product[SIZE][SIZE];

void matrix_begin(void)
{
	for (int i = 0; i < SIZE; i++) {
		for (int j = 0; j < SIZE; j++) {
			a[i][j] = (int16_t)(scramble(i * SIZE + j) & 0xff);
			b[i][j] = (int16_t)(scramble(1000 + i * SIZE + j) & 0xff);
		}
	}
}

static void add(int16_t number)
{
	for (int i = 0; i < SIZE; i++)
		for (int j = 0; j < SIZE; j++)
			a[i][j] = (int16_t)(a[i][j] + number);
}

static void by_vector(void)
{
	for (int i = 0; i < SIZE; i++) {
		product[i][0] = 0;
		for (int j = 0; j < SIZE; j++)
			product[i][0] += a[i][j] * b[0][j];
	}
}

static void by_matrix(void)
{
	for (int i = 0; i < SIZE; i++) {
		for (int j = 0; j < SIZE; j++) {
			product[i][j] = 0;
			for (int k = 0; k < SIZE; k++)
				product[i][j] += a[i][k] * b[k][j];
		}
	}
}

static void by_fields(void)
{
	for (int i = 0; i < SIZE; i++) {
		for (int j = 0; j < SIZE; j++) {
			product[i][j] = 0;
			for (int k = 0; k < SIZE; k++) {
				int32_t term = a[i][k] * b[k][j];

				product[i][j] += (term >> 2 & 0xf) * (term >> 5 & 0x7f);
			}
		}
	}
}

/* Falls and rises, as a branch sees them. */
static int16_t look(int32_t limit)
{
	int32_t sum = 0, last = 0;
	int16_t result = 0;

	for (int i = 0; i < SIZE; i++) {
		for (int j = 0; j < SIZE; j++) {
			sum = (int32_t)((uint32_t)sum + (uint32_t)product[i][j]);
			if (sum > limit) {
				result = (int16_t)(result + 10);
				sum = 0;
			} else {
				result = (int16_t)(result + (product[i][j] > last));
			}
			last = product[i][j];
		}
	}
	return result;
}

uint16_t matrix_round(uint16_t sum, uint16_t seed)
{
	int16_t number = (int16_t)(seed & 0x3f);

	add(number);
	by_vector();
	sum = crc(sum, (uint16_t)look(1 << 14));
	by_matrix();
	sum = crc(sum, (uint16_t)look(1 << 18));
	by_fields();
	sum = crc(sum, (uint16_t)look(1 << 12));
	add((int16_t)-number);
	return sum;
}
