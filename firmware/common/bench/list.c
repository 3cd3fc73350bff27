// SPDX-License-Identifier: MIT
/* A linked list of records: look-up by key, reversal, merge sort by two orders. */
#include "bench.h"

#define COUNT 128

struct record {
	int16_t key;
	int16_t position;
};

struct node {
	struct node *next;
	struct record *record;
};

typedef int order(const struct record *a, const struct record *b);

static struct record records[COUNT];
static struct node nodes[COUNT];
static struct node *list;

static int by_key(const struct record *a, const struct record *b)
{
	return a->key - b->key;
}

static int by_position(const struct record *a, const struct record *b)
{
	return a->position - b->position;
}

void list_begin(void)
{
	list = NULL;
	for (int i = COUNT - 1; i >= 0; i--) {
		records[i].key = (int16_t)(scramble(i) & 0x3fff);
		records[i].position = (int16_t)i;
		/* The nodes of neighbours are no neighbours in memory. */
		nodes[i * 37 % COUNT] = (struct node) { list, &records[i] };
		list = &nodes[i * 37 % COUNT];
	}
}

static struct node *reverse(struct node *from)
{
	struct node *to = NULL;

	while (from) {
		struct node *next = from->next;

		from->next = to;
		to = from;
		from = next;
	}
	return to;
}

static const struct node *find(const struct node *from, int16_t low_bits)
{
	while (from && (from->record->key & 0xff) != low_bits)
		from = from->next;
	return from;
}

static struct node *merge(struct node *a, struct node *b, order *compare)
{
	struct node *head, **tail = &head;

	while (a && b) {
		struct node **least = compare(a->record, b->record) <= 0 ? &a : &b;

		*tail = *least;
		tail = &(*least)->next;
		*least = *tail;
	}
	*tail = a ? a : b;
	return head;
}

static struct node *sort(struct node *from, order *compare)
{
	struct node *middle = from, *end = from, *second;

	if (!from || !from->next)
		return from;
	while (end->next && end->next->next) {
		middle = middle->next;
		end = end->next->next;
	}
	second = middle->next;
	middle->next = NULL;
	return merge(sort(from, compare), sort(second, compare), compare);
}

uint16_t list_round(uint16_t sum, uint16_t seed)
{
	struct record *changed = &records[seed % COUNT];
	const struct node *found;

	for (int i = 0; i < 16; i++) {
		found = find(list, (int16_t)(seed * (i + 1) & 0xff));
		sum = crc(sum, found ? (uint16_t)found->record->position : 0xffff);
		list = reverse(list);
	}
	changed->key = (int16_t)((changed->key ^ seed) & 0x3fff);
	list = sort(list, by_key);
	for (const struct node *node = list; node; node = node->next)
		sum = crc(sum, (uint16_t)node->record->key);
	list = sort(list, by_position);
	return crc(sum, (uint16_t)list->next->record->key);
}
