# Makes the plugin's types known to Renode. Include it before the first platform description and before Load @snapshot.
import clr
import sys
clr.AddReference("Infrastructure")
from System import Array, Convert, Environment, Object
from System.IO import Path, File
from System.Reflection import Assembly
from System.Text import StringBuilder
from System.Threading import AutoResetEvent, ManualResetEvent, Monitor, Thread, ThreadStart, WaitHandle
from Antmicro.Renode.Logging import Logger, LogLevel
from Antmicro.Renode.Core import EmulationManager
from Antmicro.Renode.Peripherals.UART import IUART
from Antmicro.Renode.Utilities import TypeManager
from Antmicro.Renode.Exceptions import RecoverableException

def uvmem_find_plugin():
    name = "RenodeUvmem.Renode.dll"
    here = Path.GetDirectoryName(Path.GetFullPath(uvmem_find_plugin.__code__.co_filename))
    # Beside this file in a package; under build/ in the sources.
    for folder in (here, Path.Combine(Path.Combine(here, ".."), Path.Combine("build", "renode"))):
        path = Path.GetFullPath(Path.Combine(folder, name))
        if File.Exists(path):
            return path
    raise RecoverableException("%s is not beside %s; ./scripts/package.sh makes it" % (name, here))

def uvmem_check(path, how):
    check = Assembly.LoadFrom(path).GetType("RenodeUvmem.Renode.Compatibility.ApiCheck")
    return list(check.GetMethod(how).Invoke(None, None))

def uvmem_load(path):
    # A type that can't be loaded would end Renode without a word.
    missing = uvmem_check(path, "Missing")
    if missing:
        raise RecoverableException("the POWER9 plugin needs Renode 1.16.1 or newer; this one (%s) lacks %d of the things that it uses, the first: %s"
            % (Assembly.GetEntryAssembly().GetName().Version, len(missing), missing[0]))
    TypeManager.Instance.ScanFile(path)
    if Environment.GetEnvironmentVariable("DOTNET_TieredCompilation") != "0":
        Logger.Log(LogLevel.Info, "The POWER9 boots in about half the time if Renode is started with DOTNET_TieredCompilation=0 in its environment")

def mc_uvmem_check():
    """Lists what the POWER9 plugin uses and this Renode lacks."""
    missing = uvmem_check(uvmem_find_plugin(), "MissingForAll")
    for line in missing:
        print(line)
    print("%d things are missing" % len(missing))

def mc_uvmem_console(uart, then_quit = False, start = False):
    """Connects this terminal to a UART until Ctrl-] is typed, or until the emulation stops; then_quit ends Renode then, start begins by starting it."""
    keyboard, screen, left, line = sys.stdin, sys.stdout, ManualResetEvent(False), AutoResetEvent(False)
    # Busybox asks the terminal where its cursor is. The answer would come through the Monitor in pieces, and look typed.
    question, shown, turn = "\x1b[6n", StringBuilder(), Object()

    # By lines, or after a moment, and not here: the CPU waits for what this does.
    def show(byte):
        Monitor.Enter(turn)
        shown.Append(Convert.ToChar(byte))
        Monitor.Exit(turn)
        if byte == 10:
            line.Set()

    def flush():
        Monitor.Enter(turn)
        text = shown.Replace(question, "").ToString()
        shown.Clear()
        for length in (3, 2, 1):
            if text.endswith(question[:length]):
                shown.Append(question[:length])
                text = text[:-length]
                break
        Monitor.Exit(turn)
        if text:
            screen.write(text)

    def type_in():
        while not left.WaitOne(0):
            character = keyboard.read(1)
            if not character:
                return
            # .NET's console hands Ctrl-] over as 0.
            if ord(character) in (0, 29):
                left.Set()
            elif not left.WaitOne(0):
                uart.WriteChar(ord(character))

    uart = clr.Convert(uart, IUART)
    print("Connected to %s; Ctrl-] leaves for the Monitor" % uart.GetName())
    uart.CharReceived += show
    if start:
        EmulationManager.Instance.CurrentEmulation.StartAll()
    reader = Thread(ThreadStart(type_in))
    reader.IsBackground = True
    reader.Start()
    signs = Array[WaitHandle]([left, line])
    while WaitHandle.WaitAny(signs, 20) != 0 and EmulationManager.Instance.CurrentEmulation.IsStarted:
        flush()
    uart.CharReceived -= show
    flush()
    if left.WaitOne(0):
        return
    left.Set()
    if then_quit:
        monitor.Parse("quit")
    else:
        print("The emulation stopped; a key leads to the Monitor")
        reader.Join()

uvmem_load(uvmem_find_plugin())
