# Makes the plugin's types known to Renode. Include it before the first platform description and before Load @snapshot.
import clr
clr.AddReference("Infrastructure")
from System.IO import Path, File
from System.Reflection import Assembly
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

def mc_uvmem_check():
    """Lists what the POWER9 plugin uses and this Renode lacks."""
    missing = uvmem_check(uvmem_find_plugin(), "MissingForAll")
    for line in missing:
        print(line)
    print("%d things are missing" % len(missing))

uvmem_load(uvmem_find_plugin())
