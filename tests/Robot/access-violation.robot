*** Settings ***
Documentation     Secure memory is out of reach for everyone but a CPU in secure state (MSR[S]=1): refused and counted.
Resource          renode-uvmem.resource

*** Variables ***
${SECURE BASE}    0x1000000000000
# The secret of the demonstration, firmware/marker.hex, as DumpSecure shows bytes.
${SECRET}         53564D2D707269766174652D66616365

*** Keywords ***
Create Bare Machine
    [Documentation]    A loop at 0x200, where a machine check goes; big-endian, as interrupts come without HILE.
    Execute Command    include @${PLUGIN}/renode-uvmem.py
    Execute Command    mach create "bare"
    Execute Command    machine LoadPlatformDescription @${CURDIR}/bare-metal.repl
    Execute Command    sysbus WriteDoubleWord 0x200 0x00000048

Run
    Execute Command    emulation RunFor "0.0001"

*** Test Cases ***
CPU Outside Secure State Gets A Machine Check
    Create Bare Machine
    # li r3,1; sldi r3,r3,48; ld r4,0(r3); b .  -  big-endian
    Execute Command    sysbus WriteDoubleWord 0x1000 0x01006038
    Execute Command    sysbus WriteDoubleWord 0x1004 0xc6836378
    Execute Command    sysbus WriteDoubleWord 0x1008 0x000083e8
    Execute Command    sysbus WriteDoubleWord 0x100c 0x00000048
    Execute Command    cpu0 PC 0x1000
    Run
    PC Should Be Equal    0x200
    Register Should Be Equal    3    ${SECURE BASE}
    Register Should Be Equal    4    0
    Refused Accesses Should Be    cpus=1    walks=0    devices=0

Monitor And Devices Are Refused
    Create Bare Machine
    Execute Command    cpu0 PC 0x200
    Run
    Execute Command    sysbus WriteQuadWord ${SECURE BASE} 0x1122334455667788
    ${seen}=    Execute Command    sysbus ReadQuadWord ${SECURE BASE}
    Should Be Equal As Integers    ${seen}    0
    Refused Accesses Should Be    cpus=0    walks=0    devices=2
    # The same number in the register that bare-metal code reads.
    ${count}=    Execute Command    sysbus ReadQuadWord 0x6000000000020
    Should Be Equal As Integers    ${count}    2
    # The write had no effect.
    Execute Command    smc AllowDump true
    ${bytes}=    Execute Command    smc DumpSecure ${SECURE BASE} 8
    Should Be Equal    ${bytes}    0000000000000000    strip_spaces=True

Secret Of A Guest Stays In Secure Memory
    Start Secure Guest
    ${call}=    Wait For Ultracall    UV_PAGE_OUT
    ${match}    ${ra}    ${gpa}=    Should Match Regexp    ${call}    ra=(0x[0-9a-f]+), gpa=(0x[0-9a-f]+)
    ${page}=    Execute Command    uv Pages 1 ${gpa} 1
    ${match}    ${address}=    Should Match Regexp    ${page}    SECURE\\s+(0x1[0-9a-f]{12})
    ${seen}=    Execute Command    sysbus ReadQuadWord ${address}
    Should Be Equal As Integers    ${seen}    0
    Refused Accesses Should Be    cpus=0    walks=0    devices=1
    Run Keyword And Expect Error    *secure memory is not shown*    Execute Command    smc DumpSecure ${address}
    Execute Command    smc AllowDump true
    ${bytes}=    Execute Command    smc DumpSecure ${address}
    Should Contain    ${bytes}    ${SECRET}
    # What the host gets is something else.
    Wait For Checkpoint    paged-out
    ${seen}=    Execute Command    sysbus ReadQuadWord ${ra}
    Should Not Be Equal As Integers    ${seen}    0
    Should Not Be Equal As Integers    ${seen}    0x766972702d4d5653
