/* The check-in screen: reads a card by camera, by a reader that types like a keyboard,
   or by hand, and shows the answer of the server. No framework: it starts at once on an
   old tablet. */
(function () {
    "use strict";

    const page = document.getElementById("ess_kiosk");
    const input = document.getElementById("ess_kiosk_code");
    const video = document.getElementById("ess_kiosk_video");
    const camera = document.getElementById("ess_kiosk_camera");
    const answer = document.getElementById("ess_kiosk_answer");
    const SHOWN = 4000;
    /** The same card held before the camera is one scan. */
    const SAME = 5000;
    let last = { code: "", at: 0 };
    let busy = false;
    let timer;

    function show(status, message) {
        clearTimeout(timer);
        answer.textContent = (status === "ok" ? "✓ " : "") + message;
        answer.className = status === "ok" ? "ok" : "no";
        answer.dataset.status = status;
        timer = setTimeout(() => {
            answer.textContent = "";
            answer.className = "";
        }, SHOWN);
    }

    async function check(code) {
        if (busy || !code) {
            return;
        }
        busy = true;
        try {
            const response = await fetch(`/ess/kiosk/${page.dataset.token}/check`, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ jsonrpc: "2.0", method: "call", params: { code } }),
            });
            const { result } = await response.json();
            show(result ? result.status : "error", result ? result.message : page.dataset.network);
        } catch {
            show("error", page.dataset.network);
        } finally {
            busy = false;
            input.value = "";
        }
    }

    document.getElementById("ess_kiosk_form").addEventListener("submit", (ev) => {
        ev.preventDefault();
        check(input.value);
    });

    function scanned(code) {
        const now = Date.now();
        if (code === last.code && now - last.at < SAME) {
            return;
        }
        last = { code, at: now };
        check(code);
    }

    async function readNatively() {
        const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
        const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" } });
        video.srcObject = stream;
        await video.play();
        const look = async () => {
            const [found] = await detector.detect(video).catch(() => []);
            if (found) {
                scanned(found.rawValue);
            }
            setTimeout(look, 250);
        };
        look();
    }

    function readWithOdoo() {
        // the reader that Odoo ships for browsers without one
        const script = document.createElement("script");
        script.src = "/web/static/lib/zxing-library/zxing-library.js";
        script.onload = () => {
            const reader = new window.ZXing.BrowserQRCodeReader();
            reader.decodeFromVideoDevice(undefined, video, (result) => {
                if (result) {
                    scanned(result.getText());
                }
            });
        };
        document.head.append(script);
    }

    camera.addEventListener("click", async () => {
        camera.hidden = true;
        video.hidden = false;
        try {
            await ("BarcodeDetector" in window ? readNatively() : readWithOdoo());
        } catch {
            camera.hidden = false;
            video.hidden = true;
        }
    });

    input.focus();
})();
