<?php
/**
 * Places an order, follows it to its end and asks for a refill. PHP 8.1 with curl; the tests do not run this file.
 * Takes HOLDFAST_URL, HOLDFAST_KEY and HOLDFAST_SERVICE from the environment:
 *
 *     php examples/php/orders.php
 */

declare(strict_types=1);

final class Problem extends RuntimeException
{
    public function __construct(public readonly int $status, public readonly ?string $problem, string $detail)
    {
        parent::__construct($detail);
    }
}

final class Holdfast
{
    private const TRIES = 5;

    public function __construct(private readonly string $url, private readonly string $key)
    {
    }

    public function get(string $path): array
    {
        return $this->call('GET', $path, null, null);
    }

    public function post(string $path, ?array $body = null, ?string $idempotencyKey = null): array
    {
        return $this->call('POST', $path, $body, $idempotencyKey ?? bin2hex(random_bytes(16)));
    }

    /** Repeats a request that got no answer, with the same key, so that nothing is done twice. */
    private function call(string $method, string $path, ?array $body, ?string $idempotencyKey): array
    {
        $headers = ["Authorization: Bearer {$this->key}"];
        if ($idempotencyKey !== null) {
            $headers[] = "Idempotency-Key: {$idempotencyKey}";
        }
        if ($body !== null) {
            $headers[] = 'Content-Type: application/json';
        }
        $mayBeDone = false;
        for ($tried = 1; ; $tried++) {
            $retryAfter = null;
            $request = curl_init($this->url . $path);
            curl_setopt_array($request, [
                CURLOPT_CUSTOMREQUEST => $method,
                CURLOPT_HTTPHEADER => $headers,
                CURLOPT_RETURNTRANSFER => true,
                CURLOPT_TIMEOUT => 30,
                CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$retryAfter): int {
                    if (preg_match('/^retry-after: *(\d+)/i', $line, $found)) {
                        $retryAfter = (int) $found[1];
                    }
                    return strlen($line);
                },
            ]);
            if ($body !== null) {
                curl_setopt($request, CURLOPT_POSTFIELDS, json_encode($body, JSON_THROW_ON_ERROR));
            }
            $text = curl_exec($request);
            $status = curl_getinfo($request, CURLINFO_RESPONSE_CODE);
            $mayBeDone = $mayBeDone || $text === false || $status >= 500;
            $again = $text === false || in_array($status, [429, 502, 503, 504], true);
            if (!$again || $tried === self::TRIES) {
                break;
            }
            sleep(min($retryAfter ?? 2 ** ($tried - 1), 30));
        }
        $answer = $text === false ? null : json_decode($text, true);
        // Too many requests, or no valid key: that says nothing of an earlier try.
        $isUnknown = $mayBeDone && in_array($status, [401, 403, 429], true);
        if ($isUnknown || ($status < 400 && !is_array($answer))) {
            throw new RuntimeException("no answer; repeat with the key {$idempotencyKey}");
        }
        if ($status >= 400) {
            throw new Problem($status, $answer['code'] ?? null, $answer['detail'] ?? "HTTP {$status}");
        }
        return $answer;
    }
}

$holdfast = new Holdfast(getenv('HOLDFAST_URL') ?: 'http://127.0.0.1:3000', getenv('HOLDFAST_KEY') ?: '');
$sale = 'sale-' . bin2hex(random_bytes(8));
$order = $holdfast->post('/v1/orders', [
    'service' => (int) (getenv('HOLDFAST_SERVICE') ?: 1),
    'link' => 'https://example.com/p/1',
    'quantity' => 100,
    'reference' => $sale,
], $sale);
echo "placed order {$order['id']}, price {$order['price']} {$order['currency']}\n";

while (!in_array($order['status'], ['Completed', 'Partial', 'Canceled'], true)) {
    sleep(1);
    $order = $holdfast->get("/v1/orders/{$order['id']}");
}
echo "order {$order['id']} ended {$order['status']}: charged {$order['charge']}, refunded {$order['refunded']}\n";

try {
    $refill = $holdfast->post("/v1/orders/{$order['id']}/refills");
    echo "refill {$refill['id']} of order {$order['id']}: {$refill['status']}\n";
} catch (Problem $problem) {
    echo "no refill of order {$order['id']}: {$problem->getMessage()}\n";
}
